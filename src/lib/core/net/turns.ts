import { priorities, type Priority } from './frames.ts';

type Waiting = { readonly priority: Priority; canSend(creditBytes: number): boolean };

/** Whose turn it is to send: all of a priority before the next, and within one each after the other. */
export class Turns<Sender extends Waiting> {
	readonly #waiting: Readonly<Record<Priority, Set<Sender>>> = {
		control: new Set(),
		normal: new Set(),
		bulk: new Set()
	};

	/** `sender` may have something to send; it waits behind those that do already. */
	add(sender: Sender): void {
		this.#waiting[sender.priority].add(sender);
	}

	remove(sender: Sender): void {
		this.#waiting[sender.priority].delete(sender);
	}

	/** Who is next of those that can send within what each priority may; it goes to the end of its row. */
	next(creditOf: (priority: Priority) => number): Sender | null {
		for (const priority of priorities) {
			const row = this.#waiting[priority];
			const credit = creditOf(priority);
			for (const sender of row) {
				if (sender.canSend(credit)) {
					row.delete(sender);
					row.add(sender);
					return sender;
				}
				// Without credit of its own it is added again when it gets some.
				if (!sender.canSend(Infinity)) row.delete(sender);
			}
		}
		return null;
	}
}
