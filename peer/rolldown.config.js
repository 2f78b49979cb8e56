import { defineConfig } from 'rolldown';

export default defineConfig({
	// The program, and the threads that it starts by their files.
	input: {
		peer: 'peer/main.ts',
		'lister.worker': 'peer/host/lister.worker.ts',
		'hash-worker': 'peer/host/hash-worker.ts',
		'rtc-process': 'peer/rtc/rtc-process.ts'
	},
	platform: 'node',
	external: [
		// Their binaries lie beside their packages.
		'better-sqlite3-multiple-ciphers',
		'@napi-rs/blake-hash',
		'@napi-rs/xattr',
		'node-datachannel',
		// What that one loads.
		'@node-datachannel',
		'detect-libc'
	],
	onLog(level, log, report) {
		// rolldown would leave it to fail at run time: a deep import of a room is to fail here.
		report(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log);
	},
	output: {
		dir: 'build',
		entryFileNames: '[name].js',
		chunkFileNames: 'peer-[name].js',
		format: 'esm',
		sourcemap: true,
		banner: ({ name }) => (name === 'peer' ? '#!/usr/bin/env node' : '')
	}
});
