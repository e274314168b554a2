/**
 * Names of span attributes, by the semantic conventions of OpenTelemetry (general, HTTP, messaging and generative AI; the
 * last two are not stable yet, so they stand here and nowhere else).
 */
export const semanticAttributes = {
  errorType: 'error.type',

  httpMethod: 'http.request.method',
  httpRoute: 'http.route',

  messagingSystem: 'messaging.system',
  messagingDestination: 'messaging.destination.name',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingMessageId: 'messaging.message.id',
  messagingBatchMessages: 'messaging.batch.message_count',
  messagingConsumerGroup: 'messaging.consumer.group.name',

  genAiOperation: 'gen_ai.operation.name',
  genAiProvider: 'gen_ai.provider.name',
  genAiConversation: 'gen_ai.conversation.id',
  genAiRequestModel: 'gen_ai.request.model',
  genAiRequestMaxTokens: 'gen_ai.request.max_tokens',
  genAiResponseModel: 'gen_ai.response.model',
  genAiResponseId: 'gen_ai.response.id',
  genAiFinishReasons: 'gen_ai.response.finish_reasons',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiOutputTokens: 'gen_ai.usage.output_tokens',
  genAiCacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  genAiCacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  genAiToolName: 'gen_ai.tool.name',
  genAiToolCall: 'gen_ai.tool.call.id',

  userId: 'user.id',
  request: 'omni2.request_id',
  turn: 'omni2.session_id',
  attempt: 'omni2.attempt',
  step: 'omni2.step',
  outcome: 'omni2.outcome',
} as const

/** Attributes that every span about a message on the bus has. */
export const messagingAttributes = (
  operation: { name: string; type: 'send' | 'receive' | 'process' },
  destination: string,
) => ({
  [semanticAttributes.messagingSystem]: 'nats',
  [semanticAttributes.messagingOperationName]: operation.name,
  [semanticAttributes.messagingOperationType]: operation.type,
  [semanticAttributes.messagingDestination]: destination,
})
