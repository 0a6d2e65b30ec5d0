import { spawnSync } from 'node:child_process';

/** Says in one line, and with a failure, if moto is missing: what was not tested must not look as if it had been. */
const { status } = spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' });
if (status !== 0) {
  console.error("This needs moto's server, and there is none: pip install 'moto[server]==5.2.1'");
  process.exitCode = 1;
}
