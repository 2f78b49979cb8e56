// `npm test`: brings the packages, then runs every step (tests/steps.ts) in the pinned Node. Plain JavaScript for any Node.
import { checkNode, handOver, install, root } from '../peer/ready.mjs';

let isHandedOver = false;
process.on('exit', () => {
	if (!isHandedOver) console.log('0 passed, 1 failed');
});
checkNode();
install();
handOver(['tests/steps.ts', ...process.argv.slice(2)], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
isHandedOver = true; // from here on the last line is theirs
