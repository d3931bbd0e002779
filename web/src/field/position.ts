import { datumOf } from '../checkin/place';

/** Where this phone is, as it says itself, and when it said so by its own clock. */
export interface Fix { lon: number; lat: number; accuracy: number; datum: 'wgs84' | 'gcj02' | 'unknown'; phoneAt: number }

/** The server moves no vessel by less than this, in metres. */
export const vague = 1000;

/** Deck, hold, cold start: a first fix takes time, and an old one would be of another place. */
const patience = 30_000;

/** Why a phone does not say where it is, and what can be done. */
export function whyNot(code: number, secure: boolean): string {
  if (!secure) return '这页不是用 https 打开的，手机不给位置。请用 https 的地址打开';
  switch (code) {
    case 1: return '没有允许这页用位置。请在手机设置里允许浏览器（或微信）用位置，再取一次';
    case 3: return '等了半分钟没有定上位。请到甲板上、离开船舱再取一次';
    default: return '手机现在定不了位。请打开定位，到甲板上再取一次';
  }
}

/** Asks the phone where it is; rejects with the reason in words. */
export function fix(): Promise<Fix> {
  return new Promise((done, fail) => {
    if (!('geolocation' in navigator)) {
      fail(new Error(whyNot(0, isSecureContext)));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { done({ lon: coords.longitude, lat: coords.latitude, accuracy: Math.ceil(coords.accuracy), datum: datumOf(navigator.userAgent), phoneAt: Date.now() }); },
      (error) => { fail(new Error(whyNot(error.code, isSecureContext))); },
      { enableHighAccuracy: true, timeout: patience, maximumAge: 0 },
    );
  });
}

/** A place as people read it out: 104.06312°E 28.77150°N. */
export const placeWords = (p: { lon: number; lat: number }): string => `${p.lon.toFixed(5)}°E ${p.lat.toFixed(5)}°N`;

/** How exact a position is, and what is not known about it. */
export function exactness(p: { accuracy: number; datum: string }): string {
  const error = p.accuracy >= 1000 ? `${(p.accuracy / 1000).toFixed(1)} 公里` : `${p.accuracy} 米`;
  return `误差约 ${error}${p.datum === 'unknown' ? '；微信没有说明坐标系，可能再差几百米' : p.datum === 'wgs84' ? '，WGS 84' : ''}`;
}
