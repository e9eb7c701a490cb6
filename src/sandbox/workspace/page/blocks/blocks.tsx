import { useState } from "react";
import type { ClickSource } from "../../acts/click.ts";
import { isObject, type Json, type JsonObject, objectsOf } from "../../json.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Control } from "./control.tsx";
import { DrawnBlocks } from "./drawn-blocks.tsx";
import { ImageBlock, ImageElement } from "./image.tsx";
import { InputBlock } from "./input-block.tsx";
import { TableBlock } from "./table.tsx";
import { Text } from "./text.tsx";
import type { EnteredValues } from "./use-block-values.ts";
import { type Dispatch, useDispatch } from "./use-dispatch.ts";

interface BlocksProps {
  readonly blocks: Json;
  /** Where the blocks are, for the app to know. */
  readonly source: ClickSource;
  readonly values: EnteredValues;
  /** What is wrong, by block. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** Shows Block Kit, and tells the app what is done with it. */
export function Blocks({ blocks, source, values, errors = {} }: BlocksProps) {
  const [question, setQuestion] = useState<{ readonly confirm: JsonObject; readonly run: () => void } | null>(null);
  const dispatch = useDispatch(source, values);
  const ask: Dispatch = {
    ...dispatch,
    act: (element, blockId, value) => {
      const run = () => dispatch.act(element, blockId, value);
      if (isObject(element["confirm"])) setQuestion({ confirm: element["confirm"], run });
      else run();
    },
  };
  return (
    <div className="blocks">
      {objectsOf(blocks).map((block) => (
        <BlockView
          key={String(block["block_id"])}
          block={block}
          dispatch={ask}
          values={values}
          error={errors[String(block["block_id"])]}
        />
      ))}
      {question !== null && (
        <ConfirmDialog
          confirm={question.confirm}
          onAnswer={(isConfirmed) => {
            setQuestion(null);
            if (isConfirmed) question.run();
          }}
        />
      )}
    </div>
  );
}

interface BlockViewProps {
  readonly block: JsonObject;
  readonly dispatch: Dispatch;
  readonly values: EnteredValues;
  readonly error: string | undefined;
}

function BlockView({ block, dispatch, values, error }: BlockViewProps) {
  const blockId = String(block["block_id"]);
  switch (block["type"]) {
    case "section":
      return <SectionBlock block={block} dispatch={dispatch} values={values} />;
    case "header":
      return (
        <h3 className="block-header">
          <Text text={block["text"]} />
        </h3>
      );
    case "context":
      return (
        <div className="block-context">
          {objectsOf(block["elements"]).map((element, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: elements of a context have nothing else of their own
            <ContextElement key={index} element={element} />
          ))}
        </div>
      );
    case "divider":
      return <hr className="block-divider" />;
    case "image":
      return <ImageBlock block={block} />;
    case "actions":
      return (
        <div className="block-actions" data-block-id={blockId}>
          {objectsOf(block["elements"]).map((element) => (
            <Control
              key={String(element["action_id"])}
              element={element}
              blockId={blockId}
              dispatch={dispatch}
              values={values}
            />
          ))}
        </div>
      );
    case "input":
      return <InputBlock block={block} dispatch={dispatch} values={values} error={error} />;
    case "table":
    case "data_table":
      return <TableBlock block={block} />;
    default:
      return <DrawnBlocks blocks={[block]} onAct={(element) => dispatch.act(element, blockId, {})} />;
  }
}

function ContextElement({ element }: { readonly element: JsonObject }) {
  return element["type"] === "image" ? <ImageElement element={element} /> : <Text text={element} />;
}

function SectionBlock({ block, dispatch, values }: Omit<BlockViewProps, "error">) {
  const blockId = String(block["block_id"]);
  const accessory = block["accessory"];
  const fields = objectsOf(block["fields"]);
  return (
    <div className="block-section" data-block-id={blockId}>
      <div className="block-section__text">
        <Text text={block["text"]} />
        {fields.length > 0 && (
          <div className="block-section__fields">
            {fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have nothing else of their own
              <div key={index}>
                <Text text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {isObject(accessory) && (
        <div className="block-section__accessory">
          {accessory["type"] === "image" ? (
            <ImageElement element={accessory} />
          ) : (
            <Control element={accessory} blockId={blockId} dispatch={dispatch} values={values} />
          )}
        </div>
      )}
    </div>
  );
}
