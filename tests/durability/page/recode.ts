import type { Ask } from './dump.ts';

/** Asks for a new recovery code on and on, and tells each: every one replaces the library's header. */
export async function recode(ask: Ask): Promise<never> {
	for (;;) {
		await window.tell({ type: 'asking' });
		const answer = await ask('library.new-recovery-code', {});
		if (answer.ok) await window.tell({ type: 'coded', code: (answer.value as { recoveryCode: string }).recoveryCode });
		else await window.tell({ type: 'failed', what: 'library.new-recovery-code', failure: answer.failure });
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
	}
}
