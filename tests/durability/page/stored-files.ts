/** The browser's private file system by paths, for looking at it and for changing it behind Atoll's back. */
async function find(path: string): Promise<{ above: FileSystemDirectoryHandle; name: string }> {
	const segments = path.split('/');
	const name = segments.pop() ?? '';
	let above = await navigator.storage.getDirectory();
	for (const segment of segments) above = await above.getDirectoryHandle(segment, { create: true });
	return { above, name };
}

export function toText(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
	return btoa(text);
}

/** The bytes of every file, as base64 by path. */
export async function readAll(from?: FileSystemDirectoryHandle, above = ''): Promise<Record<string, string>> {
	const found: Record<string, string> = {};
	for await (const [name, handle] of (from ?? (await navigator.storage.getDirectory())).entries()) {
		if (handle.kind === 'directory') Object.assign(found, await readAll(handle, `${above}${name}/`));
		else found[above + name] = toText(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
	}
	return found;
}

/** Replaces the file at `path`. */
export async function write(path: string, base64: string): Promise<void> {
	const { above, name } = await find(path);
	const writable = await (await above.getFileHandle(name, { create: true })).createWritable();
	await writable.write(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
	await writable.close();
}

/** Removes the file or the whole folder at `path`. */
export async function remove(path: string): Promise<void> {
	const { above, name } = await find(path);
	await above.removeEntry(name, { recursive: true });
}
