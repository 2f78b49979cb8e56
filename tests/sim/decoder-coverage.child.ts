/** Tells as JSON which lines of what decodes are run while it is fed what tests of it feed it: `node …child.ts <seed>`. */
import { Session, type Debugger, type Profiler } from 'node:inspector/promises';

/** Of a file: how many lines of code it has, and those that were not run. */
export type Uncovered = { readonly lines: number; readonly missed: readonly string[] };

const decoding = [
	'kernel/cbor.ts',
	'net/frames.ts',
	'net/varint.ts',
	'sync/messages/message.ts',
	'sayings/check-batch.ts',
	'sayings/check-fact.ts',
	'sayings/fact-bytes.ts',
	'replicas/wire-batch.ts',
	'replicas/pack-numbers.ts',
	'replicas/introduction.ts',
	'replicas/signed.ts'
].map((file) => `/core/${file}`);
const tries = 1_000;

function uncovered(source: string, functions: readonly Profiler.FunctionCoverage[]): Uncovered {
	const counts = new Int32Array(source.length);
	// What is within something comes after it.
	for (const { ranges } of functions)
		for (const { startOffset, endOffset, count } of ranges) counts.fill(count, startOffset, endOffset);
	const missed: string[] = [];
	let [lines, at] = [0, 0];
	for (const line of source.split('\n')) {
		const isCode = /[a-z0-9]/i.test(line) && !/^\s*(\/\/|\/?\*)/.test(line);
		const from = at + line.search(/\S/);
		if (isCode) lines++;
		if (isCode && counts.subarray(from, at + line.length).every((count) => count === 0)) missed.push(line.trim());
		at += line.length + 1;
	}
	return { lines, missed };
}

const session = new Session();
session.connect();
const scripts = new Map<string, string>();
session.on('Debugger.scriptParsed', ({ params }: { params: Debugger.ScriptParsedEventDataType }) => {
	const file = decoding.find((name) => params.url.endsWith(name));
	if (file !== undefined) scripts.set(params.scriptId, file);
});
await session.post('Debugger.enable');
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

// Not before: of what was run before it counts, the counter knows nothing.
const { decoders, drawTry } = await import('./decoders.ts');
const { anyMessage, anyValue } = await import('./any-frame.ts');
const { bytesToWire, wireToBytes } = await import('#core/kernel');
const { readFrame, VarintReader } = await import('#core/net');
const { createSimRandom } = await import('./host/random.ts');
const random = createSimRandom(Number(process.argv[2]));
for (const decoder of decoders) {
	for (const sample of decoder[2]) decoder[3](sample);
	for (let left = tries; left > 0; left--) drawTry(random, decoder)();
}
for (let left = tries * 5; left > 0; left--) {
	bytesToWire(random.chance(0.3) ? random.bytes(random.integer(60)) : wireToBytes(anyValue(random)));
	const reader = new VarintReader(anyMessage(random));
	while (!reader.isAtEnd && readFrame(reader).ok);
}

const told: Record<string, Uncovered> = {};
const { result } = await session.post('Profiler.takePreciseCoverage');
for (const { scriptId, functions } of result) {
	const file = scripts.get(scriptId);
	if (file === undefined) continue;
	const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId });
	told[file] = uncovered(scriptSource, functions);
}
session.disconnect();
console.log(JSON.stringify(told));
