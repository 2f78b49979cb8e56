// `npm test`: brings the packages, then runs every step (tests/steps.ts) in the pinned Node. Plain JavaScript for any Node.
import { checkNode, handOver, install, root } from '../peer/ready.mjs';

checkNode();
install();
handOver(['tests/steps.ts', ...process.argv.slice(2)], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
