import { Giving } from './giving.ts';
import type { Message } from './messages/message.ts';
import { Pulling, type PullingDeps } from './pulling.ts';
import type { DomainStatus } from './status.ts';

/** One domain between two devices, in both directions at once. It neither sends nor waits: the session does. */
export class Exchange {
	readonly name: string;
	readonly pulling: Pulling;
	readonly giving: Giving;

	constructor(deps: Omit<PullingDeps, 'onSame'>) {
		this.name = deps.domain.name;
		this.pulling = new Pulling({ ...deps, onSame: (have) => this.giving.setLevel(have) });
		this.giving = new Giving(deps);
	}

	/** The next message that is due: what is short goes before batches. */
	due(): Message | null {
		this.pulling.tick();
		return this.pulling.due() ?? this.giving.due(this.pulling.told);
	}

	get nextMs(): number {
		return Math.min(this.pulling.nextMs, this.giving.nextMs);
	}

	take(message: Extract<Message, { readonly domain: string }>): 'merged' | 'passed' | 'breach' {
		switch (message.kind) {
			case 'changed':
				this.pulling.changed(message);
				return 'passed';
			case 'want':
				this.giving.want(message);
				return 'passed';
			case 'batch':
				return this.pulling.batch(message);
			case 'merged':
				this.giving.merged(message);
				return 'passed';
			case 'level':
				this.pulling.level(message);
				return 'passed';
			case 'refused':
				if (message.by === 'giver') this.pulling.refused(message);
				else this.giving.refused(message);
				return 'passed';
		}
	}

	status(): DomainStatus {
		const { pulling, giving } = this;
		return {
			domain: this.name,
			pull: pulling.state,
			give: giving.state,
			progress: pulling.progress(),
			levelMs: pulling.levelMs,
			givenMs: giving.givenMs
		};
	}
}
