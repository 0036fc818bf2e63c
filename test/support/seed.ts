/** Property tests draw the same each time, so that a failure is the change's. `FC_SEED=N` draws others, or one again. */
import fc from 'fast-check';

const seed = Number(process.env.FC_SEED ?? 20_261_130);
console.log(`fast-check seed ${seed} (FC_SEED=… draws others)`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
