/**
 * All that the core may take for granted beyond the language itself: pure, and the same in Node, workers and tabs.
 * Only the core's own type check reads this file; elsewhere the host's types declare the same names.
 */

interface AbortSignal {
	readonly aborted: boolean;
	readonly reason: unknown;
	throwIfAborted(): void;
	addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean; signal?: AbortSignal }): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

declare const AbortSignal: {
	readonly prototype: AbortSignal;
	abort(reason?: unknown): AbortSignal;
	any(signals: Iterable<AbortSignal>): AbortSignal;
};

interface AbortController {
	readonly signal: AbortSignal;
	abort(reason?: unknown): void;
}

declare const AbortController: {
	readonly prototype: AbortController;
	new (): AbortController;
};

interface TextEncoder {
	encode(input?: string): Uint8Array<ArrayBuffer>;
	encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

declare const TextEncoder: {
	readonly prototype: TextEncoder;
	new (): TextEncoder;
};

interface TextDecoder {
	readonly encoding: string;
	readonly fatal: boolean;
	readonly ignoreBOM: boolean;
	decode(input?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}

declare const TextDecoder: {
	readonly prototype: TextDecoder;
	new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder;
};

declare function structuredClone<T>(value: T, options?: { transfer?: readonly object[] }): T;
