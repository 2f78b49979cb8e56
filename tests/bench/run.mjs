// `npm run bench [-- name…]`: brings the packages, then measures in the pinned Node. Plain JavaScript for any Node.
import { checkNode, handOver, install, peerOptions, root } from '../../peer/ready.mjs';

checkNode();
install();
handOver([...peerOptions, 'tests/bench/bench.ts', ...process.argv.slice(2)], { cwd: root });
