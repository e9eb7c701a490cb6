import { createContext, useContext } from "react";
import type { Outcome } from "../acts/interaction.ts";
import type { Offers } from "../manifest.ts";
import type { Person, WorkspaceState } from "../state/workspace-state.ts";
import type { Acts } from "./acts.ts";

/** What every part of the page may need: who looks, at what, and what they can do. */
export interface Office {
  readonly me: Person;
  readonly state: WorkspaceState;
  readonly offers: Offers;
  readonly acts: Acts;
  /** Shows a short notice where an act did not end well; gives the outcome on. */
  complain(outcome: Promise<Outcome>): Promise<Outcome>;
  showFile(fileId: string): void;
  showPicture(picture: { readonly url: string; readonly title: string }): void;
}

const OfficeContext = createContext<Office | null>(null);

export const OfficeProvider = OfficeContext.Provider;

export function useOffice(): Office {
  const office = useContext(OfficeContext);
  if (office === null) throw new Error("There is no office around this part of the page");
  return office;
}

/** How somebody is called and drawn, be it a person, the app or Slackbot. */
export interface Author {
  readonly name: string;
  readonly colour: string;
  readonly isApp: boolean;
}

export function authorOf(id: string, state: WorkspaceState): Author {
  const person = state.people.find((candidate) => candidate.id === id);
  if (person !== undefined) return { name: person.realName, colour: person.colour, isApp: false };
  if (id === state.app.userId) return { name: state.app.name, colour: "#0b4f6c", isApp: true };
  return { name: "Slackbot", colour: "#6b6b6b", isApp: true };
}
