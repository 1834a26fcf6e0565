using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Is a set of named tensors on disk, whatever the file format.</summary>
internal interface ITensorSource : IDisposable
{
    /// <summary>Gets the file or folder, for messages.</summary>
    string Path { get; }

    /// <summary>Gets the names of the tensors, in stored order.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Returns whether a tensor of this name is stored.</summary>
    bool Contains(string name);

    /// <summary>Returns the dtype and shape of a tensor.</summary>
    TensorInfo Info(string name);

    /// <summary>Returns the dtype and shape as text, also of a tensor that cannot be read.</summary>
    string Describe(string name) => Info(name).ToString();

    /// <summary>Returns a fresh CPU tensor with the stored values.</summary>
    Tensor Read(string name);

    /// <summary>Writes the stored values into a tensor of the same shape, converted to its dtype and moved to its device.</summary>
    /// <remarks>May be called from several threads at once.</remarks>
    void CopyTo(string name, Tensor destination);

    /// <summary>Returns whether a tensor of the same shape holds the stored values, converted to its dtype; NaN equals NaN.</summary>
    bool Holds(string name, Tensor values);
}
