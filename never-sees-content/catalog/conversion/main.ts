/** `node main.ts FOLDER OUT.gguf`: converts an encoder by hand (FOLDER has model.safetensors, tokenizer.json, vocab.txt, config.json). */
import { join } from 'node:path';
import { convertEncoder } from './convert-encoder.ts';

const [folder = '.', target = 'model.gguf', name = 'encoder'] = process.argv.slice(2);
const at = (file: string): string => join(folder, file);
convertEncoder({ weights: at('model.safetensors'), tokenizer: at('tokenizer.json'), vocabulary: at('vocab.txt'), configuration: at('config.json'), name, licence: 'apache-2.0', pooling: 'mean' }, target);
