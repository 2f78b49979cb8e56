import { expect, test } from 'vitest';
import { deviceId, err } from '#core/kernel';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { createSimRandom } from '../../../../tests/sim/host/random.ts';
import { createDialling } from './dialling.ts';
import type { KnownDevice } from './schema.ts';

const seconds = 1_000;
const there: KnownDevice = {
	id: deviceId('b'.repeat(32)),
	isThis: false,
	name: 'NAS',
	kind: 'peer',
	publicKey: new Uint8Array(32),
	addedMs: 0,
	seenMs: null,
	levelMs: null,
	revokedMs: null,
	hasLostVoucher: false,
	addresses: ['tls://192.168.1.5:4311']
};

test('a device that was away for long is dialled at once where it is now, and only then', async () => {
	const clock = createSimClock();
	const dialled: string[] = [];
	let known = there;
	const dialling = createDialling({
		clock,
		random: createSimRandom(1),
		port: {
			dial: (address) => {
				dialled.push(address);
				return Promise.resolve(err({ type: 'DeviceUnreachable', what: 'nobody answers' }));
			}
		},
		links: {
			isLinked: () => false,
			untilUnlinked: () => Promise.resolve(),
			follow: () => Promise.reject(new Error('no link was made'))
		},
		ownId: () => deviceId('a'.repeat(32)),
		find: () => known,
		isDialled: true
	});
	dialling.keep([known]);
	await clock.advance(3_600 * seconds);
	const before = dialled.length;
	expect(before).toBeLessThan(40); // by then it waits for minutes
	dialling.keep([{ ...known, name: 'Called something else' }]);
	await clock.advance(1 * seconds);
	expect(dialled, 'control: nothing but its address').toHaveLength(before);
	known = { ...there, addresses: ['tls://192.168.1.77:4311', ...there.addresses] };
	dialling.keep([known]);
	await clock.advance(seconds / 2);
	expect(dialled.slice(before)).toEqual(known.addresses);
	await clock.advance(3_600 * seconds);
	await dialling.close();
	expect(clock.waiting).toBe(0);
});
