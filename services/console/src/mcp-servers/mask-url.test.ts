import { expect, test } from 'vitest'
import { isMaskedUrl, maskUrl } from './mask-url.ts'

test.each([
  ['', ''],
  ['https://mcp.example.org/mcp', 'https://mcp.example.org/mcp'],
  ['https://mcp.example.org', 'https://mcp.example.org'],
  [
    'https://mcp.example.org:8443/mcp?api_key=s3cret&q=a=s3cret',
    'https://mcp.example.org:8443/mcp?api_key=[secret]&q=[secret]',
  ],
  ['https://mcp.example.org/?s3cret&', 'https://mcp.example.org/?[secret]&[secret]'],
  ['http://user:s3cret@mcp.example.org/', 'http://[secret]@mcp.example.org/'],
  ['http://s3cret@mcp.example.org/', 'http://[secret]@mcp.example.org/'],
  ['http://:s3cret@mcp.example.org/', 'http://[secret]@mcp.example.org/'],
  ['ht\ttp://us\ner:s3cret@mcp.example.org/', 'http://[secret]@mcp.example.org/'],
  ['https://mcp.example.org/#token=s3cret', 'https://mcp.example.org/#[secret]'],
  ['postgres://user:s3cret@host/db', '[secret]'],
  ['mcp-files --token s3cret', '[secret]'],
])('%s is shown as %s', (url, shown) => {
  expect(maskUrl(url)).toBe(shown)
})

test.each([
  ['https://mcp.example.org/?api_key=[secret]', true],
  ['https://mcp.example.org/?api_key=%5Bsecret%5D', true],
  ['https://mcp.example.org/?[secret]', true],
  ['https://mcp.example.org/?api_key=s3cret', false],
  ['https://mcp.example.org/', false],
])('%s is masked: %s', (url, isMasked) => {
  expect(isMaskedUrl(url)).toBe(isMasked)
})
