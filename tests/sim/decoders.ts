import { deviceKeys } from '#core/crypto';
import { bytesToWire, deviceId, stampOf, wireToBytes, type WireValue } from '#core/kernel';
import { openDatabase } from '#core/schema';
import { nameThisDevice, parseMessage } from '#core/sync';
import { readMembers } from '../../src/lib/core/devices/members-domain.ts';
import { introductionToWire, wireToIntroduction } from '../../src/lib/core/replicas/introduction.ts';
import { sign, signedToWire, wireToSigned } from '../../src/lib/core/replicas/signed.ts';
import { batchToWire, wireToBatch } from '../../src/lib/core/replicas/wire-batch.ts';
import { checkBatch, parseHave } from '../../src/lib/core/sayings/check-batch.ts';
import { bodyToBytes, bytesToBody, contentTarget, entryTarget } from '../../src/lib/core/sayings/fact-bytes.ts';
import { emptyBody, factKinds } from '../../src/lib/core/sayings/fact.ts';
import { collectionSubject, markSubject, tagSubject } from '../../src/lib/core/sayings/subjects.ts';
import { bent, mutated } from './fuzz.ts';
import type { SimRandom } from './host/random.ts';
import { createSimHost } from './host/sim-host.ts';

const [here, there] = [deviceId('1'.padStart(32, '0')), deviceId('2'.padStart(32, '0'))];
const nowMs = Date.UTC(2026, 0, 1);
const digest = new Uint8Array(16);
const library = 'ab'.repeat(16);

const messages: readonly WireValue[] = [
	{
		kind: 'hello',
		versions: { from: 1, to: 1 },
		features: ['a'],
		library,
		device: there,
		domains: ['devices', 'metadata', 'index']
	},
	{ kind: 'changed', domain: 'index', digest },
	{ kind: 'want', domain: 'index', pull: 1, have: {} },
	{ kind: 'batch', domain: 'index', pull: 1, batch: [1, 2] },
	{ kind: 'merged', domain: 'index', pull: 1 },
	{ kind: 'level', domain: 'index', pull: 1, digest },
	{ kind: 'refused', domain: 'index', pull: 1, by: 'asker', code: 'wrong' },
	{ kind: 'ping' },
	{ kind: 'bye', code: 'removed' }
];

const members: WireValue = { [here]: [1, 0, 1, there, 'Cellar', 'peer'], [there]: [2, 1, 0, '', '', 'browser'] };

const targets = [contentTarget('cd'.repeat(32), 0), entryTarget(there, 7)];
const bodies = [
	bodyToBytes({ ...emptyBody, targets }),
	bodyToBytes({ ...emptyBody, targets, fields: [[0, '1']] }),
	bodyToBytes({ ...emptyBody, targets, context: new Map([[there, stampOf(5)]]) }),
	bodyToBytes({ ...emptyBody, fields: [[0, 'Holiday']] }),
	bodyToBytes({ ...emptyBody, ties: [{ relation: 'parent', tag: 'ab'.repeat(16), other: 'cd'.repeat(16) }] })
];
const [tagged = new Uint8Array(), marked = new Uint8Array(), , named = new Uint8Array(), tied = new Uint8Array()] =
	bodies;
const facts: WireValue = {
	since: [[there, 0]],
	facts: [
		[0, 10, factKinds.tag, tagSubject('ab'.repeat(16)), tagged],
		[0, 11, factKinds.mark, markSubject('favourite'), marked],
		[0, 12, factKinds.tie, Uint8Array.of(0x72), tied],
		[0, 13, factKinds.describeTag, tagSubject('ab'.repeat(16)), named],
		[0, 14, factKinds.describeCollection, collectionSubject('cd'.repeat(16)), named],
		[0, 15, 60_000, new Uint8Array(3), new Uint8Array(9)]
	]
};

const mark = { epoch: new Uint8Array(16), reached: null, seq: 3 };
const index = batchToWire(library, there, {
	from: { ...mark, seq: 1 },
	to: mark,
	head: 3,
	total: 1,
	span: null,
	places: null,
	entries: [
		{
			number: 4,
			parent: 1,
			kind: 'file',
			isDamaged: false,
			name: 'a.txt',
			sizeBytes: 5,
			modifiedMs: nowMs,
			content: 0
		}
	],
	contents: [{ identity: new Uint8Array(32), proof: null, kind: 1, type: 'text/plain', confidence: 1 }],
	removedLocations: [2],
	gone: [{ number: 9, isMeant: true }]
});

const { signing } = deviceKeys(new Uint8Array(32));
const known = { id: there, key: new Uint8Array(32), name: 'Cellar', kind: 'peer', addresses: ['tls://cellar:1'] };
const introduction = introductionToWire(library, here, known);
const signed = (['batch', 'introduction'] as const).map((kind) =>
	signedToWire(kind, sign(signing, kind, kind === 'batch' ? index : introduction))
);

async function openLibrary() {
	const connection = await createSimHost(1).database.connect('fuzz.sdlibrary', new AbortController().signal);
	if (!connection.ok) throw new Error(connection.failure.type);
	const opened = openDatabase(connection.value, { rawKey: '1f'.repeat(48), where: 'here', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	opened.value.write(() => nameThisDevice(opened.value, here, nowMs));
	return opened.value;
}
const database = await openLibrary();

export type Decoder = readonly [
	name: string,
	share: number,
	samples: readonly WireValue[],
	take: (value: WireValue) => boolean
];

/** Each with what is right for it, of which nothing is kept; how many of a hundred; and whether it was taken. */
export const decoders: readonly Decoder[] = [
	['messages of a session', 35, messages, (value) => parseMessage(value).ok],
	['what is said of devices', 15, [members], (value) => readMembers(value, 'batch') !== null],
	['what is known of devices', 5, [members], (value) => readMembers(value, 'have') !== null],
	['what is known of sayings', 5, [{ [here]: 5, [there]: 9 }], (value) => parseHave(value) !== null],
	['sayings', 15, [facts], (value) => checkBatch(database, value, nowMs).ok],
	['bodies of sayings', 10, bodies, (value) => value instanceof Uint8Array && bytesToBody(value) !== null],
	['an index', 10, [index], (value) => wireToBatch(value) !== null],
	['who is introduced', 3, [introduction], (value) => wireToIntroduction(value) !== null],
	['what is signed', 2, signed, (value) => wireToSigned(value) !== null]
];

/** What a decoder is fed once: bytes that were right, or a value that was; and whether that was taken. */
export function drawTry(random: SimRandom, [, , samples, take]: Decoder): () => boolean {
	const sample = samples[random.integer(samples.length)] ?? null;
	if (random.chance(0.3)) {
		const bytes = mutated(random, wireToBytes(sample));
		return () => {
			const read = bytesToWire(bytes);
			return read.ok && take(read.value);
		};
	}
	const value = bent(random, sample);
	return () => take(value);
}
