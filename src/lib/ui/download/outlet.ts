/** Where the browser lets one file of any length go, piece by piece. */
export type Outlet = {
	/** Answers when it wants more. */
	write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
	/** Ends it whole: only now is there a file of its name. */
	finish(): Promise<void>;
	/** Leaves nothing behind. */
	abandon(): Promise<void>;
};

/** Written together: each writing is a call into another process. */
const gatheredBytes = 512 * 1024;
const folderName = 'atoll-downloads';
const lockPrefix = 'atoll:download:';
/** The browser reads the file while it saves it. */
const revokeMs = 60_000;

/** Gathers small pieces; what is long goes as it comes. */
function gathered(
	writable: FileSystemWritableFileStream,
	finish: () => Promise<void>,
	drop: () => Promise<void>
): Outlet {
	const waiting = new Uint8Array(gatheredBytes);
	let length = 0;
	const flush = async (): Promise<void> => {
		if (length > 0) await writable.write(waiting.subarray(0, length));
		length = 0;
	};
	return {
		write: async (bytes) => {
			if (length + bytes.length > waiting.length) await flush();
			if (bytes.length > waiting.length) return writable.write(bytes);
			waiting.set(bytes, length);
			length += bytes.length;
		},
		finish: async () => {
			await flush();
			await writable.close();
			await finish();
		},
		abandon: async () => {
			await writable.abort().catch(() => undefined);
			await drop();
		}
	};
}

const nothing = async (): Promise<void> => undefined;

/** A file that the person picks; the browser gives it its name when it is whole. Null where they thought better of it. */
async function pickOutlet(name: string): Promise<Outlet | null> {
	try {
		const handle = await window.showSaveFilePicker({ id: 'atoll-save', suggestedName: name });
		return gathered(await handle.createWritable(), nothing, nothing);
	} catch (thrown) {
		if (thrown instanceof DOMException && thrown.name === 'AbortError') return null;
		throw thrown;
	}
}

/** Removes what tabs that live no more have put aside. Where the browser lets pages write files nothing ever is. */
export async function sweepAside(): Promise<void> {
	if (savesByPicker()) return;
	try {
		const root = await navigator.storage.getDirectory();
		await sweep(await root.getDirectoryHandle(folderName));
	} catch (thrown) {
		// No folder: nothing was put aside.
		if (!(thrown instanceof DOMException)) throw thrown;
	}
}

async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
	const { held = [] } = await navigator.locks.query();
	const living = new Set(held.map(({ name }) => name));
	for await (const name of folder.keys())
		if (!living.has(lockPrefix + name)) await folder.removeEntry(name).catch(() => undefined);
}

/** For browsers that let no page write a file: it is put aside in their own storage, and saved from there. */
async function asideOutlet(name: string): Promise<Outlet> {
	const root = await navigator.storage.getDirectory();
	const folder = await root.getDirectoryHandle(folderName, { create: true });
	await sweep(folder);
	const id = crypto.randomUUID();
	// Held for as long as this tab lives: the browser may read the file until then.
	void navigator.locks.request(lockPrefix + id, () => new Promise(() => undefined));
	const handle = await folder.getFileHandle(id, { create: true });
	const save = async (): Promise<void> => {
		const url = URL.createObjectURL(await handle.getFile());
		const link = document.createElement('a');
		link.href = url;
		link.download = name;
		link.click();
		setTimeout(() => URL.revokeObjectURL(url), revokeMs);
	};
	return gathered(await handle.createWritable(), save, () => folder.removeEntry(id));
}

export function savesByPicker(): boolean {
	return 'showSaveFilePicker' in window;
}

/** Whether this browser can save a file of any length without holding it in memory. */
export function canSave(): boolean {
	return savesByPicker() || ('FileSystemFileHandle' in window && 'createWritable' in FileSystemFileHandle.prototype);
}

/** Opens a way out for one file called `name`; must be called from a person's gesture. Null where they chose not to. */
export function openOutlet(name: string): Promise<Outlet | null> {
	return savesByPicker() ? pickOutlet(name) : asideOutlet(name);
}
