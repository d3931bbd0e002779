import type { Place } from '../checkin/types';

/** Longest side of what is sent: enough to count people by, small enough for one bar of signal. */
const longest = 1600;

export interface Photo {
  blob: Blob;
  /** Says when, and nothing of anybody. */
  name: string;
  size: string;
  /** When it was taken, by the phone's clock: one out of the gallery is as old as it is. */
  takenAt: number;
  /** SHA-256 of the picture before it was made smaller; '' where the browser cannot say. */
  origin: string;
}

/** A photo ready for sending. */
export async function newPhoto(file: File): Promise<Photo> {
  const [blob, origin] = await Promise.all([smaller(file), digest(file)]);
  const name = `photo-${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}.${blob.type === 'image/png' ? 'png' : 'jpg'}`;
  const size = blob.size > 1e6 ? `${(blob.size / 1e6).toFixed(1)} MB` : `${Math.ceil(blob.size / 1e3)} kB`;
  return { blob, name, size, takenAt: file.lastModified, origin };
}

/** Where a photo that is to prove a report goes, with what the phone knows of it. */
export function proofPath(response: string, photo: Pick<Photo, 'origin'>, place: Place | null): string {
  const said = new URLSearchParams(photo.origin ? { origin: photo.origin } : {});
  if (place) {
    said.set('lon', place.lon.toFixed(6));
    said.set('lat', place.lat.toFixed(6));
    said.set('accuracy', String(Math.ceil(place.accuracy)));
    said.set('datum', place.datum);
  }
  return `/responses/${response}/photos?${said}`;
}

async function digest(file: File): Promise<string> {
  if (!globalThis.crypto?.subtle) return ''; // only https has it
  const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

async function smaller(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 400_000) return file;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((b) => (b ? done(b) : fail(new Error('picture'))), 'image/jpeg', 0.8));
}
