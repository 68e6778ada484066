import type { EndpointOptions } from '../../../../src/adapters/models/openai/endpoint.ts';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';

export function endpointOf(
  { url, key }: Pick<StandInOpenAI, 'url' | 'key'>,
  options: Partial<EndpointOptions> = {},
): EndpointOptions {
  return {
    baseUrl: url,
    apiKey: key,
    keyVariable: 'OPENAI_API_KEY',
    timeoutMs: 5_000,
    retries: 0,
    ...options,
  };
}
