namespace Pyvene.Typed.Generators.Specs;

/// <summary>
/// Is everything the emitter needs to know about a user's module. Like <see cref="ModelSpec"/> it must stay immutable and equal by value and hold nothing of
/// the program, so that typing elsewhere emits nothing.
/// </summary>
/// <param name="Hint">The name of the generated file, without its ending.</param>
/// <param name="Namespace">The namespace; empty = the global one.</param>
/// <param name="Containers">The types that the class lies in, outermost first, as declarations: <c>partial class Outer</c>.</param>
/// <param name="Name">The name of the class, such as <c>MyNet</c>.</param>
/// <param name="Self">The class as code, with its type parameters, such as <c>MyNet&lt;T&gt;</c>.</param>
/// <param name="HidesComponents">Whether a base class has components too.</param>
/// <param name="Root">The name of the type parameter that stands for the module that experiments are on: one that the class does not have.</param>
/// <param name="Fields">The fields that are modules, in their order.</param>
internal sealed record ModuleSpec(
    string Hint,
    string Namespace,
    EquatableArray<string> Containers,
    string Name,
    string Self,
    bool HidesComponents,
    string Root,
    EquatableArray<ModuleFieldSpec> Fields);
