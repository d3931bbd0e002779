import type { Place } from './types.ts';

/**
 * Browsers give WGS 84 (Geolocation API §5.2); WeChat's on Android may give what
 * its map uses. Which, nobody says: the server is told that it is not known.
 */
export function datumOf(userAgent: string): Place['datum'] {
  return /MicroMessenger/i.test(userAgent) && /Android/i.test(userAgent) ? 'unknown' : 'wgs84';
}

const patience = 8000;

/** Where the phone is; null when it may not say, cannot, or takes too long. */
export function here(): Promise<Place | null> {
  return new Promise((done) => {
    if (!('geolocation' in navigator)) {
      done(null);
      return;
    }
    setTimeout(() => { done(null); }, patience + 500);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { done({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy, datum: datumOf(navigator.userAgent) }); },
      () => { done(null); },
      { enableHighAccuracy: true, timeout: patience, maximumAge: 30_000 },
    );
  });
}
