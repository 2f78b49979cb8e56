import type { Stream } from '#core/net';

const { signal } = new AbortController();

/** Reads a stream to its end, telling how much came each time. */
export async function readStream(stream: Stream, onBytes: (bytes: number) => void): Promise<void> {
	for (let read = await stream.read(signal); read.ok && read.value !== null; read = await stream.read(signal))
		onBytes(read.value.length);
}
