/** What every client asks; the answer is a workload, whatever was asked. */
export const apiKey = "sk-of-the-benchmark";
export const baseURL = "https://api.example/v1";
export const model = "gpt-5.1";
export const input = "Tell me of the lighthouse keeper.";
export const question = { model, input, stream: true };
