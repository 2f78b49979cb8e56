declare global {
	namespace App {
		interface PageState {
			/** The row of a list that one left the page from. */
			at?: number;
		}
	}

	type WellKnownDirectory = 'desktop' | 'documents' | 'downloads' | 'music' | 'pictures' | 'videos';

	interface FilePickerOptions {
		id?: string;
		startIn?: FileSystemHandle | WellKnownDirectory;
		types?: readonly { description?: string; accept: Record<string, readonly string[]> }[];
		excludeAcceptAllOption?: boolean;
	}

	interface Window {
		showDirectoryPicker(options?: {
			id?: string;
			mode?: 'read' | 'readwrite';
			startIn?: FileSystemHandle | WellKnownDirectory;
		}): Promise<FileSystemDirectoryHandle>;
		showOpenFilePicker(options?: FilePickerOptions & { multiple?: boolean }): Promise<FileSystemFileHandle[]>;
		showSaveFilePicker(options?: FilePickerOptions & { suggestedName?: string }): Promise<FileSystemFileHandle>;
	}

	interface DataTransferItem {
		getAsFileSystemHandle(): Promise<FileSystemHandle | null>;
	}
}
export {};
