import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** Files of public/ that the field page needs without a network. */
const beside = ['/field.webmanifest', '/field-192.png', '/favicon.svg'];

/**
 * Writes into the service worker of the field page which files of this build it
 * keeps: what the page loads at once, with what that imports, and not the map.
 */
export function fieldWorker(): Plugin {
  return {
    name: 'muster-field-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((f) => f.type === 'chunk');
      const list = new Set<string>();
      const take = (name: string): void => {
        const chunk = chunks.find((c) => c.fileName === name);
        if (!chunk || list.has(name)) return;
        list.add(name);
        chunk.viteMetadata?.importedCss.forEach((css) => list.add(css));
        chunk.imports.forEach(take);
      };
      chunks.filter((c) => c.isEntry && c.name === 'field').forEach((c) => take(c.fileName));
      const worker = chunks.find((c) => c.fileName === 'field-sw.js');
      if (!worker || list.size === 0) this.error('the field page or its service worker is missing');
      const files = [...[...list].map((f) => `/${f}`).sort(), ...beside];
      const version = createHash('sha256').update(files.join() + worker.code).digest('hex').slice(0, 12);
      worker.code = worker.code.replace('__FIELD_FILES__', JSON.stringify({ version, list: files }));
    },
  };
}
