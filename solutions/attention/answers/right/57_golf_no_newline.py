# %%
import keras,numpy as np;from keras import ops as o
# %%
attention_scores=lambda q,k,scale=None:o.einsum("...id,...jd->...ij",q,k)*(q.shape[-1]**-.5 if scale is None else scale)
# %%
def softmax_rows(scores,axis=-1):e=o.exp(scores-o.max(scores,axis,keepdims=1));return e/o.sum(e,axis,keepdims=1)
# %%
masked_scores=lambda s,m:o.where(o.cast(m,"bool"),s,-1e9);masked_scores=(lambda f:lambda scores,mask:f(scores,mask))(masked_scores)
# %%
def scaled_dot_product_attention(q,k,v,mask=None):s=attention_scores(q,k);w=softmax_rows(s if mask is None else masked_scores(s,mask));return o.matmul(w,v),w
# %%
class SelfAttention(keras.layers.Layer):
 def __init__(s,dim,use_bias=False,**kwargs):super().__init__(**kwargs);s.wq,s.wk,s.wv=[keras.layers.Dense(dim,use_bias=use_bias)for _ in"qkv"]
 def call(s,x,mask=None,return_weights=False):r=scaled_dot_product_attention(s.wq(x),s.wk(x),s.wv(x),mask);return r if return_weights else r[0]