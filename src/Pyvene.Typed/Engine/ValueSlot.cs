using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Holds a tensor between the step that reads it and the steps that use it.</summary>
internal sealed class ValueSlot
{
    public Tensor? Value { get; set; }
}
