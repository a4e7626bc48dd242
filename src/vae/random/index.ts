export { stream, type RandomStream } from "./stream";
