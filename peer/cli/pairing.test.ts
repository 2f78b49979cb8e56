import { expect, test } from 'vitest';
import type { CoreSession } from './open-library.ts';
import { leftStep } from './pairing.ts';

test('who was told to stop before waits for no step of a pairing', async () => {
	// A pairing that stays as it is, in a core that says nothing.
	const session = {
		core: { subscribe: () => () => undefined },
		commands: { 'devices.pairing': async () => ({ ok: true, value: { step: 'none' } }) },
		context: () => ({})
	} as unknown as CoreSession;
	await expect(leftStep(session, 'none', AbortSignal.abort('told to stop'))).rejects.toBe('told to stop');
});
