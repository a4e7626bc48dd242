/** The part of an exported page that has all views in it, and plotly not. */
import { activate } from "../index";
// Now, and not when the first chart asks: a script knows its nonce only while it starts.
import "./inert";

window.vaenbActivate = activate;
