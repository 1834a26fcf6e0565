namespace Pyvene.Typed;

/// <summary>
/// Makes a module of your own an architecture that experiments are written on: the generator reads its fields and offers a component for every one that is a
/// module, as in <c>MyNet.Components.Fc1.Output</c>.
/// </summary>
/// <remarks>
/// The class must be partial and derive from one of TorchSharp's <c>nn.Module&lt;…&gt;</c>. A field that is a <c>ModuleList</c> is reached by index, and one
/// whose class has this attribute too offers its own components in turn: <c>MyNet.Components.Blocks[2].Fc1.Output</c>. <see cref="ComponentAttribute"/> on a
/// field names and describes its component.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class InterventionModelAttribute : Attribute;
