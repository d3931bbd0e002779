import { ref } from 'vue';

/** Where on the page: a name and ids, in the part of the address that stays on the phone. */
export interface Place { name: string; id: string }

const names = ['thread', 'muster', 'report', 'site', 'evening', 'position', 'leave', 'evacuate', 'outbox', 'notices'];

export function parse(hash: string): Place {
  const [name = '', id = ''] = hash.replace(/^#\/?/, '').split('/');
  return names.includes(name) ? { name, id } : { name: 'home', id: '' };
}

const here = ref(parse(location.hash));
addEventListener('hashchange', () => { here.value = parse(location.hash); scrollTo(0, 0); });

export const useRoute = () => here;
export const href = (name: string, id = ''): string => `#/${name}${id ? `/${id}` : ''}`;
export const go = (name: string, id = ''): void => { location.hash = href(name, id); };
