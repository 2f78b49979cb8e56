// `npm run bench [-- name…]`: brings the packages, then measures in the pinned Node. Plain JavaScript for any Node.
import { checkNode, handOver, install, root } from '../../peer/ready.mjs';

checkNode();
install();
handOver(['tests/bench/bench.ts', ...process.argv.slice(2)], { cwd: root });
