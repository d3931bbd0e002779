/** Whether this phone can read aloud in Chinese. Voices may come late: ask again after `voiceschanged`. */
export function canSpeak(): boolean {
  return typeof speechSynthesis !== 'undefined' && speechSynthesis.getVoices().some((v) => v.lang.toLowerCase().startsWith('zh'));
}

/** Reads a text aloud, slowly, once. False when this phone cannot. */
export function speak(text: string): boolean {
  if (!canSpeak()) return false;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.lang = 'zh-CN';
  said.voice = speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith('zh')) ?? null;
  said.rate = 0.9;
  speechSynthesis.speak(said);
  return true;
}
