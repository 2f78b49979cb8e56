import { expect, test } from 'vitest';
import { deviceId } from '#core/kernel';
import { mutated } from '../../../../tests/sim/fuzz.ts';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { beaconBytesMax, beaconLifeMs, openBeacon, sealBeacon, withHeard } from './beacon.ts';

const seed = testSeed('beacons');
const key = new Uint8Array(32).fill(7);
const beacon = {
	device: deviceId('0123456789abcdef0123456789abcdef'),
	addresses: ['tls://192.168.1.5:4311', 'ws://nas.local:4310/link'],
	atMs: 1_800_000_000_000
};

test('only a device of the library reads it, and only within a day', () => {
	const random = createSimRandom(seed);
	const sealed = sealBeacon(key, beacon, random);
	expect(sealed.length).toBeLessThan(beaconBytesMax);
	expect(openBeacon(key, sealed, beacon.atMs + 60_000)).toEqual(beacon);
	expect(openBeacon(key, sealed, beacon.atMs - beaconLifeMs)).toEqual(beacon);
	expect(openBeacon(key, sealed, beacon.atMs + beaconLifeMs + 1)).toBeNull();
	expect(openBeacon(new Uint8Array(32).fill(8), sealed, beacon.atMs)).toBeNull();
	for (let n = 0; n < 500; n++) {
		const other = mutated(random, sealed);
		const isSame = Buffer.compare(other, sealed) === 0;
		expect(openBeacon(key, other, beacon.atMs), `seed ${seed}`).toEqual(isSame ? beacon : null);
	}
});

test('two of one device have nothing in common that would tell', () => {
	const random = createSimRandom(seed);
	const [one, two] = [sealBeacon(key, beacon, random), sealBeacon(key, beacon, random)];
	const text = Buffer.from(one).toString('latin1');
	for (const secret of [beacon.device, '192.168', 'nas', 'tls', Buffer.from(key).toString('latin1')])
		expect(text).not.toContain(secret);
	const equal = one.filter((byte, at) => byte === two[at]).length;
	expect(equal).toBeLessThan(one.length / 10); // by chance one in 256
});

test('what is heard comes first; what is not of a network that is gone stays', () => {
	const relay = 'wss://relay.example/relay#x.y';
	const old = Array.from({ length: 7 }, (_, at) => `tls://10.0.0.${at}:1`);
	const known = withHeard([relay, ...old], ['tls://10.0.1.1:1', 'tls://10.0.0.3:1'], 8);
	expect(known).toHaveLength(8);
	expect(known.slice(0, 3)).toEqual(['tls://10.0.1.1:1', 'tls://10.0.0.3:1', relay]);
	expect(withHeard(known, known.slice(0, 1), 8)).toEqual(known);
	expect(withHeard([relay], old.concat('tls://10.9.9.9:1', 'tls://10.9.9.8:1'), 8)).toHaveLength(8);
});
