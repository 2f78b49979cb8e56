// `node peer/up.mjs <command> …` is `atoll <command> …` in a checkout that is brought up to date first.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { build, checkNode, handOver, install, peerOptions, root } from './ready.mjs';

/** Where the person stands: npm runs scripts in the package's folder and says in INIT_CWD where it was called. */
function callerFolder() {
	const here = process.cwd();
	return realpathSync(here) === realpathSync(root) ? process.env.INIT_CWD || here : here;
}

const folder = callerFolder();
checkNode();
install();
build();
handOver([...peerOptions, join(root, 'build/peer.js'), ...process.argv.slice(2)], {
	cwd: folder,
	env: { INIT_CWD: folder }
});
