import { describeFuzz } from './harmless.ts';

describeFuzz(20_000);
