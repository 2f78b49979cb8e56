import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { deviceId, stampOf, type DeviceId, type Stamp } from '#core/kernel';
import { bodyToBytes, bytesToBody, contentTarget, entryTarget } from './fact-bytes.ts';
import { deadMarks, deadMembers } from './dead-facts.ts';
import { emptyBody, factKinds, type Fact, type FactBody, type FactKind } from './fact.ts';
import { hasSeen, isTaking, isThere, latestFields, latestMarks, liveTargets, liveTies } from './merge.ts';
import { tagSubject, tiesSubject } from './subjects.ts';

const devices = ['a', 'b', 'c'].map((digit) => deviceId(digit.repeat(32)));
const targets = ['1', '2', '3'].map((digit) => contentTarget(digit.repeat(64), 0));
const tags = ['d', 'e', 'f'].map((digit) => digit.repeat(32));
const subject = tagSubject('d'.repeat(32));

type Step = { readonly at: number; readonly kind: FactKind; readonly what: number; readonly hear: number };

const steps = fc.array(
	fc.record({
		at: fc.nat(2),
		kind: fc.constantFrom(...Object.values(factKinds)),
		what: fc.nat(6),
		hear: fc.nat(7)
	}),
	{ maxLength: 40 }
);

function bodyOf(kind: FactKind, what: number): Partial<FactBody> {
	const some = targets.filter((_, at) => ((what >> at) & 1) === 1);
	if (kind === factKinds.tie || kind === factKinds.untie)
		return {
			ties: [
				{
					relation: what % 2 === 0 ? 'parent' : 'synonym',
					tag: tags[what % 3] ?? '',
					other: tags[(what + 1) % 3] ?? ''
				}
			]
		};
	if (kind === factKinds.describeTag) return { fields: [[what % 4, `value ${what}`]] };
	if (kind === factKinds.mark) return { targets: some, fields: [[0, `value ${what}`]] };
	return { targets: some, positions: kind === factKinds.collect ? some.map((_, at) => at + what) : [] };
}

/** Facts as devices make them that hear of each other now and then: whoever takes away has seen what it had heard of. */
function history(drawn: readonly Step[]): Fact[] {
	const facts: Fact[] = [];
	const heard = devices.map(() => new Map<DeviceId, Stamp>());
	for (const [time, { at, kind, what, hear }] of drawn.entries()) {
		const [device, mine] = [devices[at], heard[at]];
		if (device === undefined || mine === undefined) continue;
		for (const [other, theirs] of heard.entries())
			if (((hear >> other) & 1) === 1)
				for (const [of, stamp] of theirs) if (stamp > (mine.get(of) ?? 0)) mine.set(of, stamp);
		const isTaking = [factKinds.untag, factKinds.uncollect, factKinds.untie, factKinds.dropTag].some(
			(one) => one === kind
		);
		const context = isTaking ? new Map(mine) : new Map<DeviceId, Stamp>();
		const stamp = stampOf(time + 1);
		facts.push({ device, stamp, kind, subject, body: { ...emptyBody, ...bodyOf(kind, what), context } });
		mine.set(device, stamp);
	}
	return facts;
}

/** All that facts come to, as text. */
function outcome(facts: readonly Fact[]): string {
	const live = [...liveTargets(facts)].map(([key, { stamp }]) => `${key} ${stamp}`).toSorted();
	const fields = [...latestFields(facts)].map(([at, { value }]) => `${at} ${value}`).toSorted();
	const marks = [...latestMarks(facts)].map(([key, { stamp }]) => `${key} ${stamp}`).toSorted();
	const drops = facts.filter(({ kind }) => kind === factKinds.dropTag).map((drop) => [tags[0] ?? '', drop] as const);
	const ties = liveTies(
		facts.filter(({ kind }) => kind === factKinds.tie || kind === factKinds.untie),
		drops
	);
	return JSON.stringify([live, fields, marks, ties, isThere(facts)]);
}

const shuffled = steps.map(history).chain((facts) =>
	fc.record({
		facts: fc.constant(facts),
		other: fc.shuffledSubarray(facts, { minLength: facts.length }),
		cut: fc.nat(facts.length)
	})
);

/** A set of facts, whichever lists it was made of. */
function union(...lists: readonly (readonly Fact[])[]): Fact[] {
	return [...new Map(lists.flat().map((fact) => [`${fact.stamp} ${fact.device}`, fact])).values()];
}

describe('facts', () => {
	test('come to the same in any order, in any groups, however often each is there', () => {
		fc.assert(
			fc.property(shuffled, ({ facts, other, cut }) => {
				const [first, second] = [other.slice(0, cut), other.slice(cut)];
				expect(outcome(other)).toBe(outcome(facts));
				expect(outcome(union(second, first))).toBe(outcome(facts));
				expect(outcome(union(union(first, facts), second))).toBe(outcome(facts));
			}),
			{ numRuns: 300 }
		);
	});

	test('that put something somewhere win over those that took it away without having seen them', () => {
		fc.assert(
			fc.property(steps.map(history), (facts) => {
				const live = liveTargets(facts);
				for (const fact of facts.filter(({ kind }) => kind === factKinds.tag)) {
					const isUnseen = !facts.some((other) => other.body.context.size > 0 && hasSeen(other, fact));
					const isOwn = facts.some((other) => other.device === fact.device && other.stamp > fact.stamp);
					if (isUnseen && !isOwn) for (const target of fact.body.targets) expect(live.has(target)).toBe(true);
				}
			}),
			{ numRuns: 300 }
		);
	});

	test('that order decides, where stamps or what was seen are passed over, are found out', () => {
		const isOrdered = (toOutcome: (facts: readonly Fact[]) => string) =>
			fc.check(
				fc.property(shuffled, ({ facts, other }) => toOutcome(facts) === toOutcome(other)),
				{ numRuns: 300 }
			).failed === false;
		const byArrival = (facts: readonly Fact[]) => {
			const marks = new Map<string, number>();
			for (const { kind, stamp, body } of facts)
				if (kind === factKinds.mark) for (const target of body.targets) marks.set(target, stamp);
			return JSON.stringify([...marks].map(([target, stamp]) => `${target} ${stamp}`).toSorted());
		};
		const withoutContext = (facts: readonly Fact[]) => {
			const there = new Set<string>();
			for (const { kind, body } of facts)
				for (const target of body.targets) {
					if (kind === factKinds.tag) there.add(target);
					if (kind === factKinds.untag) there.delete(target);
				}
			return JSON.stringify([...there].toSorted());
		};
		expect([byArrival, withoutContext, outcome].map(isOrdered)).toEqual([false, false, true]);
	});

	test('about ties name each once', () => {
		const [tag = '', other = ''] = tags;
		const tie = (one: string, two: string, stamp: number): Fact => ({
			device: devices[0] ?? deviceId('a'.repeat(32)),
			stamp: stampOf(stamp),
			kind: factKinds.tie,
			subject: tiesSubject,
			body: { ...emptyBody, ties: [{ relation: 'synonym', tag: one, other: two }] }
		});
		expect(liveTies([tie(tag, other, 1), tie(other, tag, 2)], [])).toHaveLength(1);
	});
});

/** As a log is pruned: what is dead in it is left out. */
function prune(facts: readonly Fact[]): Fact[] {
	const isOfTies = ({ kind }: Fact) => kind === factKinds.tie || kind === factKinds.untie;
	const drops = facts.filter(({ kind }) => kind === factKinds.dropTag || kind === factKinds.dropCollection);
	const dead = new Set([
		...deadMembers(
			facts.filter((fact) => !isOfTies(fact)),
			drops.map((fact) => ({ fact, tag: null }))
		),
		...deadMembers(
			facts.filter(isOfTies),
			drops.filter(({ kind }) => kind === factKinds.dropTag).map((fact) => ({ fact, tag: tags[0] ?? '' }))
		),
		...deadMarks(facts)
	]);
	return facts.filter((fact) => !dead.has(fact));
}

const { tag, untag, dropTag, describeTag, mark, tie, untie, collect, uncollect } = factKinds;
/** Much that is put somewhere and taken away, again and again. */
const toggles = fc.array(
	fc.record({
		at: fc.nat(2),
		kind: fc.constantFrom(tag, tag, tag, untag, untag, dropTag, describeTag, mark, tie, untie, collect, uncollect),
		what: fc.nat(6),
		hear: fc.nat(7)
	}),
	{ maxLength: 20 }
);

/** Three logs that have some of the same facts each, and not all that these have seen. */
const logs = toggles.map(history).chain((facts) => fc.tuple(...[1, 2, 3].map(() => fc.shuffledSubarray(facts))));

describe('facts that are left out of logs', () => {
	const isTheSame = (leaveOut: (facts: readonly Fact[]) => Fact[], numRuns = 1_000) =>
		!fc.check(
			fc.property(logs, (each) => {
				const [first = [], second = [], third = []] = each;
				const all = outcome(union(...each));
				const once = union(leaveOut(first), second, leaveOut(third));
				const again = leaveOut(union(leaveOut(union(leaveOut(first), second)), third));
				return outcome(once) === all && outcome(again) === all;
			}),
			{ numRuns }
		).failed;

	test('mean nothing: whatever comes to some of the logs, and in whichever order these are pruned, all come to the same', () => {
		expect(isTheSame(prune)).toBe(true);
		const said = fc.sample(steps.map(history), { numRuns: 100, seed: 1 });
		const [before, after] = [said, said.map(prune)].map((each) => each.reduce((sum, { length }) => sum + length, 0));
		expect(after).toBeLessThan(Number(before) * 0.9);
	});

	test('control: one that leaves out what takes away as well, once nothing is left of what it took, is found out', () => {
		const idle = (facts: readonly Fact[]) => {
			const left = prune(facts);
			const targetsOf = ({ body }: Fact) => body.targets;
			return left.filter(
				(taking) =>
					taking.kind !== factKinds.untag ||
					left.some((other) => !isTaking(other) && hasSeen(taking, other) && targetsOf(other).length > 0)
			);
		};
		expect(isTheSame(idle)).toBe(false);
	});

	test('control: so is one that leaves out the last for whose sake a tag is there, once it has no target', () => {
		const untouched = (facts: readonly Fact[]) => {
			const takings = facts.filter(isTaking);
			const isTaken = (fact: Fact, target: string) =>
				takings.some((taking) => hasSeen(taking, fact) && taking.body.targets.includes(target));
			return facts.filter(
				(fact) => fact.kind !== factKinds.tag || !fact.body.targets.every((target) => isTaken(fact, target))
			);
		};
		expect(isTheSame(untouched)).toBe(false);
	});

	test('are not what takes away more than a later one does that was said with it known', () => {
		const [a, b, c] = devices;
		if (a === undefined || b === undefined || c === undefined) throw new Error('there are three');
		const fact = (device: DeviceId, stamp: number, kind: FactKind, seen: readonly [DeviceId, number][] = []): Fact => ({
			device,
			stamp: stampOf(stamp),
			kind,
			subject,
			body: {
				...emptyBody,
				targets: targets.slice(0, 1),
				context: new Map(seen.map(([of, until]) => [of, stampOf(until)]))
			}
		});
		const put = fact(c, 1, factKinds.tag);
		const first = fact(a, 2, factKinds.untag, [[c, 1]]);
		const blind = fact(b, 3, factKinds.untag, [[a, 2]]);
		const knowing = fact(b, 4, factKinds.untag, [
			[a, 2],
			[c, 1]
		]);
		expect(deadMembers([first, blind], [])).toEqual([]);
		expect(outcome([...prune([first, blind]), put])).toBe(outcome([first, blind, put]));
		expect(deadMembers([first, knowing], [])).toEqual([first]);
	});
});

describe('bodies', () => {
	const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
	const target = fc.oneof(
		fc.tuple(hex(64), fc.nat(1_000)).map(([identity, split]) => contentTarget(identity, split)),
		fc.tuple(hex(32), fc.integer({ min: 1, max: 2 ** 40 - 1 })).map(([id, number]) => entryTarget(deviceId(id), number))
	);
	const body = fc
		.record({
			context: fc.array(fc.tuple(hex(32).map(deviceId), fc.maxSafeNat().map(stampOf))).map((all) => new Map(all)),
			fields: fc.array(fc.tuple(fc.nat(255), fc.string({ unit: 'grapheme' })), { maxLength: 16 }),
			targets: fc.uniqueArray(target, { maxLength: 50 }),
			hasPositions: fc.boolean(),
			ties: fc.array(fc.record({ relation: fc.constantFrom('parent', 'synonym'), tag: hex(32), other: hex(32) }))
		})
		.map(({ hasPositions, ...rest }) => ({
			...rest,
			positions: hasPositions ? rest.targets.map((_, at) => at * 1_000_003) : []
		}));

	test('are the same after they were bytes', () => {
		fc.assert(
			fc.property(body, (one) => {
				const bytes = bodyToBytes(one);
				const read = bytesToBody(bytes);
				expect(read).toEqual(one);
				if (read !== null) expect(bodyToBytes(read)).toEqual(bytes);
			})
		);
	});

	test('are read of nothing else: what is cut, longer or changed is refused or another body', () => {
		fc.assert(
			fc.property(body, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, change) => {
				const bytes = bodyToBytes(one);
				expect(bytesToBody(bytes.subarray(0, at % bytes.length))).toBeNull();
				expect(bytesToBody(Uint8Array.of(...bytes, 0))).toBeNull();
				bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change;
				bytesToBody(bytes);
			})
		);
		fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void bytesToBody(bytes)));
	});

	test('that say they are long and are not make no room for it', () => {
		expect(bytesToBody(Uint8Array.of(0xff, 0x3f))).toBeNull();
		expect(bytesToBody(Uint8Array.of(0, 0, 0, 0xe8, 0x07))).toBeNull();
		expect(bytesToBody(Uint8Array.of(0, 1, 0, 0xff, 0xff, 0xff, 0x7f))).toBeNull();
		expect(bytesToBody(Uint8Array.of(0x80, 0x00, 0, 0, 0, 0, 0))).toBeNull();
	});
});
