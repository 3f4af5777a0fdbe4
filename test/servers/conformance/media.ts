/** A blue PNG of two by two pixels, base64. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mOQi1oARAwQCgAcpgRh5betCQAAAABJRU5ErkJggg==';

/** Eight samples of silence as a WAV file (8 kHz, 8 bit, mono), base64. */
export const WAV = 'UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==';
