import type { Client } from '#client/mod.ts';
import type { AnyFailure } from '#ui/words/failures.ts';

/** The same client, whose every failed call is told to `onFailure` before its caller hears of it. */
export function watchFailures(client: Client, onFailure: (failure: AnyFailure) => void): Client {
	return {
		...client,
		async call(name, input, signal) {
			const answer = await client.call(name, input, signal);
			if (!answer.ok) onFailure(answer.failure);
			return answer;
		}
	};
}
