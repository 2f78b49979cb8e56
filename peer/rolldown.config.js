import { defineConfig } from 'rolldown';

export default defineConfig({
	input: 'peer/main.ts',
	platform: 'node',
	external: ['better-sqlite3-multiple-ciphers', '@napi-rs/blake-hash'], // their binaries lie beside their packages
	onLog(level, log, report) {
		// rolldown would leave it to fail at run time: a deep import of a room is to fail here.
		report(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log);
	},
	output: { file: 'build/peer.js', format: 'esm', sourcemap: true, banner: '#!/usr/bin/env node' }
});
