import type { Link, LinkEnd } from '#core/net';
import { equal, holds, thrownBy, type Cases } from './expectation.ts';

export type LinksWorld = {
	readonly ends: readonly [Link, Link];
	/** Breaks the carrier, without a word to either side. */
	cut(): void;
	/** Where time passes only by this: lets everything under way come. */
	readonly pass?: () => Promise<void>;
};

/** One end as a test uses it: keeps what came, and sends no faster than the link takes. */
class Held {
	readonly link: Link;
	readonly messages: Uint8Array[] = [];
	readonly ends: LinkEnd[] = [];
	/** Messages that came after the end was told. */
	late = 0;
	#isReady = true;
	#onChange: () => void = () => undefined;

	constructor(link: Link) {
		this.link = link;
	}

	start(): this {
		this.link.start({
			onMessage: (message) => {
				if (this.ends.length > 0) this.late++;
				this.messages.push(message);
				this.#onChange();
			},
			onReady: () => {
				this.#isReady = true;
				this.#onChange();
			},
			onEnd: (end) => {
				this.ends.push(end);
				this.#onChange();
			}
		});
		return this;
	}

	get isReady(): boolean {
		return this.#isReady;
	}

	/** Sends unless the link is full; whether it did. */
	offer(message: Uint8Array): boolean {
		if (!this.#isReady) return false;
		this.#isReady = this.link.send(message);
		return true;
	}

	async send(message: Uint8Array, world: LinksWorld): Promise<void> {
		await this.until(() => this.#isReady, world);
		this.offer(message);
	}

	/** Waits for a state of this end. */
	async until(isReached: () => boolean, { pass }: LinksWorld): Promise<void> {
		for (let passed = 0; !isReached(); passed++) {
			holds(passed < 20, 'what is waited for comes');
			const changed = new Promise<void>((resolve) => (this.#onChange = resolve));
			await (pass === undefined ? changed : pass());
			if (pass === undefined) passed = 0;
		}
	}
}

const message = (number: number, length: number) => Uint8Array.from({ length }, (_, at) => (at * 7 + number) & 0xff);

function both(world: LinksWorld): readonly [Held, Held] {
	return [new Held(world.ends[0]).start(), new Held(world.ends[1]).start()];
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at]);

export const linkCases: Cases<LinksWorld> = {
	'carries messages both ways, whole and in the order of sending': async (world) => {
		const [one, two] = both(world);
		const sizes = Array.from({ length: 300 }, (_, n) => (n * 131) % 3_000);
		for (const [n, size] of sizes.entries()) {
			await one.send(message(n, size), world);
			await two.send(message(n + 1, size), world);
		}
		await one.until(() => one.messages.length === sizes.length, world);
		await two.until(() => two.messages.length === sizes.length, world);
		for (const [n, size] of sizes.entries()) {
			holds(sameBytes(two.messages[n] ?? message(0, 0), message(n, size)), `message ${n} came as it was sent`);
			holds(sameBytes(one.messages[n] ?? message(0, 0), message(n + 1, size)), `answer ${n} came as it was sent`);
		}
	},
	'takes a copy, and gives plain bytes, which belong to the receiver': async (world) => {
		const [one, two] = both(world);
		const sent = message(1, 100);
		await one.send(sent, world);
		sent.fill(9);
		await one.send(message(2, 100), world);
		await two.until(() => two.messages.length === 2, world);
		equal(two.messages[0], message(1, 100), 'what is done to it after it was sent changes nothing:');
		two.messages[0]?.fill(0);
		equal(two.messages[1], message(2, 100), 'another message is not changed with it:');
	},
	'carries the longest message, and an empty one': async (world) => {
		const [one, two] = both(world);
		await one.send(message(1, one.link.messageBytesMax), world);
		await one.send(message(2, 0), world);
		await two.until(() => two.messages.length === 2, world);
		holds(sameBytes(two.messages[0] ?? message(0, 0), message(1, one.link.messageBytesMax)), 'all of it has come');
		equal(two.messages[1]?.length, 0);
	},
	'takes no message that is too long': async (world) => {
		const [one, two] = both(world);
		const thrown = thrownBy(() => one.link.send(message(1, one.link.messageBytesMax + 1)));
		holds(thrown instanceof Error && thrown.message.startsWith('defect'), 'it is a defect');
		await one.send(message(2, 10), world);
		await two.until(() => two.messages.length === 1, world);
		equal(two.messages[0], message(2, 10));
	},
	'keeps what comes before it is started': async (world) => {
		const one = new Held(world.ends[0]).start();
		await one.send(message(1, 50), world);
		await one.send(message(2, 60), world);
		await world.pass?.();
		const two = new Held(world.ends[1]).start();
		await two.until(() => two.messages.length === 2, world);
		equal(two.messages, [message(1, 50), message(2, 60)]);
	},
	'says when it is full, takes nothing then, and says when there is room': async (world) => {
		const one = new Held(world.ends[0]).start();
		const large = message(1, one.link.messageBytesMax);
		let sent = 0;
		// The other side has not started, so it reads nothing.
		for (; sent * large.length < 64 * 1_048_576 && one.offer(large); sent++);
		holds(!one.isReady, 'it has said that it is full before 64 MiB');
		const two = new Held(world.ends[1]).start();
		await one.until(() => one.isReady, world);
		await two.until(() => two.messages.length === sent, world);
		holds(
			two.messages.every((got) => sameBytes(got, large)),
			'all that it had taken has come'
		);
	},
	'closed, tells both sides once with the code, the other after all that was sent': async (world) => {
		const [one, two] = both(world);
		for (let n = 0; n < 20; n++) await one.send(message(n, 1_000), world);
		one.link.close(0x142);
		equal(one.ends, [{ type: 'LinkClosed', by: 'us', code: 0x142 }]);
		one.link.close(0x143);
		holds(!one.link.send(message(1, 1)), 'nothing is sent after the end');
		await two.until(() => two.ends.length > 0, world);
		equal(two.ends, [{ type: 'LinkClosed', by: 'them', code: 0x142 }]);
		equal(two.messages.length, 20);
		two.link.close(0x144);
		await world.pass?.();
		equal([one.ends.length, two.ends.length, one.late, two.late], [1, 1, 0, 0]);
	},
	'closed with as much under way as it takes, gives the other side all of it': async (world) => {
		const [one, two] = both(world);
		let sent = 0;
		while (sent < 500 && one.offer(message(sent, 8_000))) sent++;
		one.link.close(0x142);
		await two.until(() => two.ends.length > 0, world);
		equal([two.messages.length, two.ends], [sent, [{ type: 'LinkClosed', by: 'them', code: 0x142 }]]);
	},
	'closed before the other side has started, tells it then': async (world) => {
		const one = new Held(world.ends[0]).start();
		await one.send(message(1, 10), world);
		one.link.close(0x101);
		await world.pass?.();
		const two = new Held(world.ends[1]).start();
		await two.until(() => two.ends.length > 0, world);
		equal([two.messages.length, two.ends], [1, [{ type: 'LinkClosed', by: 'them', code: 0x101 }]]);
	},
	'cut in the middle, tells both sides once, and what came until then is whole': async (world) => {
		const [one, two] = both(world);
		for (let n = 0; n < 40; n++) {
			if (n === 20) {
				await two.until(() => two.messages.length > 0, world);
				world.cut();
			}
			if (!one.offer(message(n, 5_000))) break;
		}
		await one.until(() => one.ends.length > 0, world);
		await two.until(() => two.ends.length > 0, world);
		equal([one.ends[0]?.type, two.ends[0]?.type], ['LinkLost', 'LinkLost']);
		for (const [n, got] of two.messages.entries()) holds(sameBytes(got, message(n, 5_000)), `message ${n} is whole`);
		one.link.close(0);
		two.link.close(0);
		await world.pass?.();
		equal([one.ends.length, two.ends.length, one.late, two.late], [1, 1, 0, 0]);
	}
};
