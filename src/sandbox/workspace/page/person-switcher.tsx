import { Avatar } from "./avatar.tsx";
import { useOffice } from "./office.tsx";

/** Chooses who one acts as: approving takes a second person. */
export function PersonSwitcher({ onPerson }: { readonly onPerson: (personId: string) => void }) {
  const { state, me } = useOffice();
  return (
    <div className="people" role="radiogroup" aria-label="Acting as" data-testid="person-switcher">
      <h2 className="sidebar__heading">Acting as</h2>
      {state.people.map((person) => (
        // biome-ignore lint/a11y/useSemanticElements: a button shows the picture and the name as one thing to click
        <button
          key={person.id}
          type="button"
          role="radio"
          aria-checked={person.id === me.id}
          className="people__person"
          data-testid={`person-${person.name}`}
          onClick={() => onPerson(person.id)}
        >
          <Avatar authorId={person.id} size={24} />
          <span>{person.realName}</span>
          {person.id === me.id && <span className="people__you">you</span>}
        </button>
      ))}
    </div>
  );
}
