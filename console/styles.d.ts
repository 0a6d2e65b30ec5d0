// The bundler takes style sheets; nothing of them is a value.
declare module '*.css';
