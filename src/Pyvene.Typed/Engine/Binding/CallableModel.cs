using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is a model as the engine sees it: a tree of modules to hook, and a way to run them all.</summary>
internal abstract class CallableModel
{
    /// <summary>Gets the module at the top of the tree.</summary>
    public abstract nn.Module Root { get; }

    /// <summary>Gets the name of the class, by which a descriptor says that it serves the model.</summary>
    public abstract string ClassName { get; }

    /// <summary>Gets the configuration that the sizes of components are read from.</summary>
    public abstract ModelConfig Config { get; }

    /// <summary>Gets the model block by block, or null when it only runs as a whole.</summary>
    public virtual IBlockwiseModel? Blocks => null;

    /// <summary>Gets whether a row of the batch has the same output whatever the other rows are, so that several runs may be one batch.</summary>
    public virtual bool RowsAreIndependent => true;

    /// <summary>Gets whether several runs may be rows of one pass, block by block, though a row depends on others of its own run.</summary>
    public virtual bool KeepsRunsApart => RowsAreIndependent;

    /// <summary>Gets whether a position's values depend on no later position, so that positions can be computed apart.</summary>
    public virtual bool IsCausal => false;

    /// <summary>Gets whether a pass can hold some positions of a text alone, so that runs share those before the first that differs.</summary>
    public virtual bool SharesPositions => false;

    /// <summary>Gets whether the model has a language model head, whose logits are those of chosen positions.</summary>
    public virtual bool SelectsLogits => false;

    /// <summary>Returns the axis that positions are counted along in the values of a module, as descriptors name it.</summary>
    /// <param name="path">The module's path.</param>
    public virtual string PositionAxisOf(string path) => Axes.Position;

    /// <summary>Returns the model with its blocks in the order in which the most work is shared when something happens at modules.</summary>
    /// <param name="paths">The modules' paths.</param>
    public virtual CallableModel For(IReadOnlyCollection<string> paths) => this;

    /// <summary>Checks the inputs of a run before anything runs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <exception cref="ArgumentException">An input does not fit; the exception names it.</exception>
    public virtual void Check(ModelInputs inputs)
    {
    }

    /// <summary>Runs the model from the start to the end.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <returns>The output; its tensors belong to the current dispose scope.</returns>
    public abstract ModelOutput Call(ModelInputs inputs);
}
