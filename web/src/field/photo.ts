/** Longest side of what is sent: enough to count people by, small enough for one bar of signal. */
const longest = 1600;

/** A photo ready for sending. Its name says when, and nothing of anybody. */
export async function newPhoto(file: File): Promise<{ blob: Blob; name: string; size: string }> {
  const blob = await smaller(file);
  const name = `photo-${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}.${blob.type === 'image/png' ? 'png' : 'jpg'}`;
  return { blob, name, size: blob.size > 1e6 ? `${(blob.size / 1e6).toFixed(1)} MB` : `${Math.ceil(blob.size / 1e3)} kB` };
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
