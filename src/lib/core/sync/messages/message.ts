import * as v from 'valibot';
import { err, ok, type Result, type WireValue } from '#core/kernel';
import { batchSchema } from './batch.ts';
import { byeSchema } from './bye.ts';
import { changedSchema } from './changed.ts';
import { name } from './fields.ts';
import { helloSchema } from './hello.ts';
import { levelSchema } from './level.ts';
import { mergedSchema } from './merged.ts';
import { pingSchema } from './ping.ts';
import { refusedSchema } from './refused.ts';
import { wantSchema } from './want.ts';

/**
 * The protocol that `messageSchemas` is. A change to them that an older device would read otherwise, or refuse, wants
 * the next version, and the oldest one spoken says how long devices that are not brought up to date go along.
 */
export const protocolVersions = { from: 1, to: 1 } as const;

/** Every message of the protocol by its kind. Properties that a schema does not name are passed over. */
export const messageSchemas = {
	hello: helloSchema,
	changed: changedSchema,
	want: wantSchema,
	batch: batchSchema,
	merged: mergedSchema,
	level: levelSchema,
	refused: refusedSchema,
	ping: pingSchema,
	bye: byeSchema
} as const;

const anyMessage = v.variant('kind', Object.values(messageSchemas));
const kindOf = v.object({ kind: name });

export type Message = v.InferOutput<typeof anyMessage>;
export type MessageOf<Kind extends Message['kind']> = Extract<Message, { readonly kind: Kind }>;
export type ByeCode = MessageOf<'bye'>['code'];
export type RefusalCode = MessageOf<'refused'>['code'];

export type MessageFailure = { readonly type: 'MessageWrong'; readonly kind: string };

/** The message that came, null where it is of a kind of a later version, or why it is none. */
export function parseMessage(value: WireValue): Result<Message | null, MessageFailure> {
	const named = v.safeParse(kindOf, value);
	if (!named.success) return err({ type: 'MessageWrong', kind: '' });
	const { kind } = named.output;
	if (!Object.hasOwn(messageSchemas, kind)) return ok(null);
	const parsed = v.safeParse(anyMessage, value);
	return parsed.success ? ok(parsed.output) : err({ type: 'MessageWrong', kind });
}
