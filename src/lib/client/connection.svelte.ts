export type FailedReason =
	/** The address is neither https nor localhost, so the browser lends none of what Atoll needs. */
	| 'insecure-context'
	| 'no-workers'
	| 'no-web-locks'
	/** No private file system (OPFS) in this browser. */
	| 'no-file-system'
	/** The browser has one and refuses it here: a private window, or storage is blocked for this site. */
	| 'storage-blocked'
	/** Another tab runs another version of Atoll and holds the library: reload it or close it. */
	| 'other-version'
	/** The worker of the core does not load or stops again and again. */
	| 'core-failed';

export type ConnectionState = 'connecting' | 'leader' | 'follower' | 'failed';

/** Where this page stands with the core. */
export type Connection = {
	/** `leader`: the core runs in this tab's worker; `follower`: in another tab's. */
	readonly state: ConnectionState;
	/** Null unless `failed`. */
	readonly reason: FailedReason | null;
	/** The core dials through this page, and the browser waits for a person to let the page into the network around it. */
	readonly isNetworkAsked: boolean;
};

/** The connection as runes; only the client writes it. */
export class ConnectionCell implements Connection {
	state = $state<ConnectionState>('connecting');
	reason = $state<FailedReason | null>(null);
	isNetworkAsked = $state(false);

	set(state: Exclude<ConnectionState, 'failed'>): void {
		this.state = state;
		this.reason = null;
	}

	fail(reason: FailedReason): void {
		this.state = 'failed';
		this.reason = reason;
	}
}
