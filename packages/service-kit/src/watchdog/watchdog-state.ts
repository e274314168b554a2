/** Longest note in bytes; an id fits. */
const noteBytes = 64

/**
 * What a process and its watchdog's thread share: a beat that rises while the event loop turns, and a note of what the
 * loop works on. Only the process writes.
 */
export class WatchdogState {
  readonly memory: SharedArrayBuffer
  readonly #numbers: Int32Array
  readonly #note: Uint8Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8 + noteBytes)) {
    this.memory = memory
    this.#numbers = new Int32Array(memory, 0, 2)
    this.#note = new Uint8Array(memory, 8)
  }

  get beat(): number {
    return Atomics.load(this.#numbers, 0)
  }

  /** Records that the event loop turned; what it worked on before is over. */
  turn(): void {
    Atomics.add(this.#numbers, 0, 1)
    Atomics.store(this.#numbers, 1, 0)
  }

  /** Notes what the event loop works on from here. */
  set note(note: string) {
    Atomics.store(this.#numbers, 1, new TextEncoder().encodeInto(note, this.#note).written)
  }

  /** Empty where the loop turned since the last note. */
  get note(): string {
    // TextDecoder refuses shared memory.
    return Buffer.from(this.#note.slice(0, Atomics.load(this.#numbers, 1))).toString()
  }
}
